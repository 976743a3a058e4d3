import { KeyRoundIcon, LinkIcon } from "lucide-react";

import { Badge } from "@/components/ui/badge";

export function KeyMark() {
  return (
    <Badge variant="key">
      <KeyRoundIcon aria-hidden="true" />
      KEY
    </Badge>
  );
}

export function ReferenceMark() {
  return (
    <Badge variant="reference">
      <LinkIcon aria-hidden="true" />
      REF
    </Badge>
  );
}
