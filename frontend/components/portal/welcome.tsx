"use client";

import { ArrowRightIcon, FileUpIcon, LoaderCircleIcon, TablePropertiesIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useDropzone } from "react-dropzone";

import { Button } from "@/components/ui/button";
import { useTrySamples } from "@/hooks/use-try-samples";
import { uploadQueue } from "@/lib/upload-queue";
import { cn } from "@/lib/utils";

/** The first visit: two ways to begin, and nothing else. */
export function Welcome() {
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-8 py-6 lg:py-14">
      <div className="grid gap-2 text-center">
        <h1 className="text-3xl font-semibold">What do you want to know?</h1>
        <p className="text-base text-muted-foreground">
          Begin with your own files, or look around with ours first.
        </p>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <SampleCard />
        <DropCard />
      </div>
    </div>
  );
}

const cardClass =
  "flex min-h-72 flex-col items-center justify-center gap-4 rounded-2xl border bg-card p-8 text-center shadow-card";

function SampleCard() {
  const { trySamples, isLoading } = useTrySamples();
  return (
    <section aria-labelledby="try-samples" className={cardClass}>
      <span
        aria-hidden="true"
        className="flex size-12 items-center justify-center rounded-xl bg-success-soft text-primary"
      >
        <TablePropertiesIcon className="size-6" />
      </span>
      <div className="grid gap-1.5">
        <h2 id="try-samples" className="text-lg font-semibold">
          Look around first
        </h2>
        <p className="text-balance text-muted-foreground">
          An invented coffee roaster: customers, orders and products over two years.
        </p>
      </div>
      <Button onClick={trySamples} disabled={isLoading}>
        {isLoading ? <LoaderCircleIcon className="animate-spin" /> : <ArrowRightIcon />}
        Try the sample data
      </Button>
    </section>
  );
}

function DropCard() {
  const router = useRouter();
  const { getRootProps, getInputProps, open, isDragActive } = useDropzone({
    noClick: true,
    noKeyboard: true,
    onDrop: (files) => {
      if (files.length === 0) return;
      uploadQueue.add(files);
      router.push("/portal/upload");
    },
  });
  return (
    <section
      {...getRootProps({ role: "region" })}
      aria-labelledby="drop-files"
      tabIndex={undefined}
      className={cn(
        cardClass,
        "border-2 border-dashed border-input transition-colors",
        isDragActive && "border-primary bg-success-soft",
      )}
    >
      <input {...getInputProps({ "aria-label": "CSV files" })} />
      <span
        aria-hidden="true"
        className="flex size-12 items-center justify-center rounded-xl bg-muted text-muted-foreground"
      >
        <FileUpIcon className="size-6" />
      </span>
      <div className="grid gap-1.5">
        <h2 id="drop-files" className="text-lg font-semibold">
          Drop your files here
        </h2>
        <p className="text-balance text-muted-foreground">
          CSV as you have it: any separator, any encoding, several files at once.
        </p>
      </div>
      <Button variant="outline" onClick={open}>
        Choose files
      </Button>
    </section>
  );
}
