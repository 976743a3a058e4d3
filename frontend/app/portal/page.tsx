import type { Metadata } from "next";

import { PortalHome } from "@/components/portal/portal-home";

export const metadata: Metadata = { title: "Portal" };

export default function PortalPage() {
  return <PortalHome />;
}
