import { FileQuestionIcon } from "lucide-react";
import Link from "next/link";

import { AuthCard } from "@/components/auth/auth-card";
import { Button } from "@/components/ui/button";

export default function NotFound() {
  return (
    <AuthCard>
      <title>Not found · Data Query Agent</title>
      <FileQuestionIcon aria-hidden="true" className="size-7 text-muted-foreground" />
      <div className="grid gap-1.5">
        <h1 className="text-xl font-semibold">There is no such page</h1>
        <p className="text-muted-foreground">
          The address may be mistyped, or what was here has been removed. Your data is not affected.
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button asChild>
          <Link href="/portal">Go to the portal</Link>
        </Button>
        <Button asChild variant="ghost">
          <Link href="/">Start page</Link>
        </Button>
      </div>
    </AuthCard>
  );
}
