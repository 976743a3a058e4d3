"use client";

import { toast } from "sonner";

import { InlineName } from "@/components/schema/inline-name";
import { useRenameSchema } from "@/hooks/use-schemas";
import { errorMessage } from "@/lib/api/error";
import { datasetNameFault } from "@/lib/datasets";

/** Renames a dataset, and the name as it is shown meanwhile. */
export function useDatasetName({ id, name }: { id: string; name: string }) {
  const rename = useRenameSchema();
  return {
    shown: rename.isPending && rename.variables.id === id ? rename.variables.name : name,
    rename: (next: string) =>
      rename.mutate(
        { id, name: next },
        {
          onError: (error) =>
            toast.error("The dataset was not renamed", { description: errorMessage(error) }),
        },
      ),
  };
}

/** A dataset's name, which becomes a field when it is pressed. */
export function DatasetName({
  dataset,
  className,
}: {
  dataset: { id: string; name: string };
  className?: string;
}) {
  const { shown, rename } = useDatasetName(dataset);
  return (
    <InlineName
      name={shown}
      what="dataset"
      faultOf={datasetNameFault}
      onRename={rename}
      readOnly={false}
      className={className}
    />
  );
}
