import { SparklesIcon, Undo2Icon } from "lucide-react";

import { Button } from "@/components/ui/button";

interface ModelMarkProps {
  /** What the model said, for the button's name. */
  what: string;
  onTakeBack: (() => void) | null;
}

/** Says that a model said it, and takes it back. */
export function ModelMark({ what, onTakeBack }: ModelMarkProps) {
  return (
    <span className="inline-flex shrink-0 items-center gap-0.5 align-middle text-xs text-primary">
      <SparklesIcon className="size-3" aria-hidden="true" />
      model
      {onTakeBack && (
        <Button
          variant="ghost"
          size="icon-xs"
          aria-label={`Take back ${what}, which the model said`}
          title="Take back"
          onClick={onTakeBack}
        >
          <Undo2Icon />
        </Button>
      )}
    </span>
  );
}
