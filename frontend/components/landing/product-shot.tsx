import { cn } from "@/lib/utils";

const description =
  "The average list price of each product category, answered in words and with a bar chart; beside the chart are the table, the SQL and how the answer was found.";

/** The product at work: a real screenshot, one for each theme. Only the one shown is fetched. */
export function ProductShot({ className }: { className?: string }) {
  return (
    <figure
      className={cn(
        "overflow-hidden rounded-xl border bg-card shadow-2xl shadow-primary/10",
        className,
      )}
    >
      <Shot src="/screenshots/ask-light.webp" className="dark:hidden" />
      <Shot src="/screenshots/ask-dark.webp" className="hidden dark:block" />
    </figure>
  );
}

function Shot({ src, className }: { src: string; className: string }) {
  return (
    // Exported statically: the image optimiser of Next.js does not run.
    // eslint-disable-next-line @next/next/no-img-element
    <img
      src={src}
      alt={description}
      width={2040}
      height={1275}
      loading="lazy"
      decoding="async"
      className={cn("h-auto w-full", className)}
    />
  );
}
