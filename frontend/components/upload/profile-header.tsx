import { KeyRoundIcon, LinkIcon } from "lucide-react";

import { Badge } from "@/components/ui/badge";
import { ProfilePlot, profileFacts } from "@/components/upload/profile-plot";
import type { ColumnProfile } from "@/lib/api/types";
import type { ColumnHint } from "@/lib/column-hints";

interface ProfileHeaderProps {
  name: string;
  profile: ColumnProfile | undefined;
  hint: ColumnHint | undefined;
  rowCount: number;
}

/** What is known of a column, above its values. */
export function ProfileHeader({ name, profile, hint, rowCount }: ProfileHeaderProps) {
  return (
    <div className="grid h-full content-start gap-1.5 p-2.5 text-left">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate text-[0.8125rem] font-semibold" title={name}>
          {name}
        </span>
        {profile && (
          <span
            className="font-mono text-[0.6875rem] text-muted-foreground"
            title={profile.format ? `Written as ${profile.format}` : undefined}
          >
            {profile.type}
          </span>
        )}
      </div>
      {profile && (
        <>
          <ProfilePlot profile={profile} rowCount={rowCount} />
          <div className="grid text-xs leading-snug text-muted-foreground tabular-nums">
            {profileFacts(profile, rowCount).map((fact) => (
              <span key={fact} className="truncate" title={fact}>
                {fact}
              </span>
            ))}
          </div>
        </>
      )}
      <HintBadge hint={hint} />
    </div>
  );
}

function HintBadge({ hint }: { hint: ColumnHint | undefined }) {
  if (hint?.kind === "key") {
    return (
      <Badge variant="key">
        <KeyRoundIcon /> looks like a key
      </Badge>
    );
  }
  if (hint?.kind === "reference") {
    return (
      <Badge
        variant="reference"
        className="max-w-full justify-start"
        title={`looks like a reference to ${hint.target}`}
      >
        <LinkIcon />
        <span className="truncate">
          <span className="sr-only">looks like a reference </span>to {hint.target}
        </span>
      </Badge>
    );
  }
  return null;
}
