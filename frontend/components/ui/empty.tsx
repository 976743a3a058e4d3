import type { ComponentProps } from "react";

import { cn } from "@/lib/utils";

function Empty({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      data-slot="empty"
      className={cn(
        "flex min-w-0 flex-col items-center justify-center gap-4 rounded-xl border border-dashed p-8 text-center text-balance",
        className,
      )}
      {...props}
    />
  );
}

function EmptyIcon({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      aria-hidden="true"
      className={cn(
        "flex size-10 items-center justify-center rounded-lg bg-muted text-muted-foreground [&_svg]:size-5",
        className,
      )}
      {...props}
    />
  );
}

function EmptyTitle({ className, ...props }: ComponentProps<"p">) {
  return <p className={cn("text-base font-medium tracking-tight", className)} {...props} />;
}

function EmptyDescription({ className, ...props }: ComponentProps<"p">) {
  return <p className={cn("max-w-md text-sm text-muted-foreground", className)} {...props} />;
}

export { Empty, EmptyDescription, EmptyIcon, EmptyTitle };
