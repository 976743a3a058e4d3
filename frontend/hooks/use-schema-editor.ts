"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";

import { queryKeys } from "@/hooks/query-keys";
import { ApiError, errorMessage } from "@/lib/api/error";
import { apiPath, requestJson } from "@/lib/chat/request";
import { applyEdit, type SchemaEdit } from "@/lib/er/edit";
import { withChange, type Help, type HelpChange } from "@/lib/er/help";
import { history, startHistory, type History, type HistoryAction } from "@/lib/er/history";
import { locate, type Problem } from "@/lib/er/problems";
import type { SchemaJson, SchemaResource } from "@/lib/er/model";

const SAVE_DELAY_MS = 500;

export interface SchemaEditor {
  schema: SchemaJson;
  statements: string[];
  edit: (edit: SchemaEdit) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
  readOnly: boolean;
  problems: Problem[];
  /** What of the data does not fit, as the schema was last saved. */
  notices: Problem[];
  /** What stands between the page and the stored schema. */
  saveState: "saved" | "pending" | "failed";
  saveError: string | null;
  retrySave: () => void;
  /** What a model said and nobody refused, for the marks. */
  said: HelpChange[];
}

interface Edited {
  history: History<SchemaJson>;
  /** As the server has it, by its identity. */
  saved: SchemaJson;
  /** Changes of the model's help that are in every step. */
  seen: number;
}

type Action =
  | HistoryAction<SchemaJson>
  | { kind: "stored"; of: SchemaJson; value: SchemaJson }
  | { kind: "helped"; changes: HelpChange[] };

function edited(state: Edited, action: Action): Edited {
  if (action.kind === "stored") {
    const { of, value } = action;
    const isLatest = state.history.present === of;
    return {
      ...state,
      saved: isLatest ? value : of,
      history: history(state.history, { kind: "refine", of, value }),
    };
  }
  if (action.kind !== "helped") return { ...state, history: history(state.history, action) };
  const news = action.changes.slice(state.seen);
  if (news.length === 0) return state;
  // One that was the same object stays so: what is saved needs no saving.
  const known = new Map<SchemaJson, SchemaJson>();
  const change = (value: SchemaJson) => {
    const after = known.get(value) ?? news.reduce(withChange, value);
    known.set(value, after);
    return after;
  };
  return {
    history: history(state.history, { kind: "lay_over", change }),
    saved: change(state.saved),
    seen: action.changes.length,
  };
}

const start = (resource: SchemaResource): Edited => ({
  history: startHistory(resource.schema_json),
  saved: resource.schema_json,
  seen: resource.help_changes ?? 0,
});

const NOTHING: HelpChange[] = [];

/** The schema in hand with undo and redo; every change is stored shortly after, one request at a time. */
export function useSchemaEditor(resource: SchemaResource, help: Help | null): SchemaEditor {
  const [{ history: state, saved, seen }, dispatch] = useReducer(edited, resource, start);
  const changes = help?.changes ?? NOTHING;
  useEffect(() => dispatch({ kind: "helped", changes }), [changes]);
  const onStored = useCallback(
    (of: SchemaJson, value: SchemaJson) => dispatch({ kind: "stored", of, value }),
    [],
  );
  const saving = useSaving(resource, { present: state.present, saved, seen }, onStored);
  const readOnly = resource.status === "executed";
  const present = state.present;
  const edit = useCallback(
    (change: SchemaEdit) => {
      if (!readOnly) dispatch({ kind: "change", value: applyEdit(present, change) });
    },
    [present, readOnly],
  );
  return {
    schema: present,
    statements: resource.create_statements,
    edit,
    undo: useCallback(() => dispatch({ kind: "undo" }), []),
    redo: useCallback(() => dispatch({ kind: "redo" }), []),
    canUndo: state.past.length > 0 && !readOnly,
    canRedo: state.future.length > 0 && !readOnly,
    readOnly,
    said: changes,
    ...saving,
  };
}

function useSaving(
  resource: SchemaResource,
  { present, saved, seen }: { present: SchemaJson; saved: SchemaJson; seen: number },
  onStored: (sent: SchemaJson, stored: SchemaJson) => void,
) {
  const client = useQueryClient();
  const [failure, setFailure] = useState<{
    of: SchemaJson;
    message: string;
    problems: Problem[];
  } | null>(null);
  const [notices, setNotices] = useState<Problem[]>(() =>
    (resource.notices ?? []).map((n) => locate(resource.schema_json, n)),
  );
  const [attempt, setAttempt] = useState(0);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const latest = useRef(present);
  useEffect(() => {
    latest.current = present;
  }, [present]);

  useEffect(() => {
    if (present === saved) return;
    const save = async () => {
      if (latest.current !== present) return;
      try {
        const body = { schema_json: present, help_seen: seen };
        const stored = await requestJson<SchemaResource>(apiPath`/api/schema/${resource.id}`, {
          method: "PUT",
          body,
        });
        client.setQueryData(queryKeys.schema(resource.id), stored);
        void client.invalidateQueries({ queryKey: queryKeys.definitions(resource.id) });
        // the server counts the evidence again
        onStored(present, stored.schema_json);
        setNotices((stored.notices ?? []).map((n) => locate(stored.schema_json, n)));
        setFailure(null);
      } catch (error) {
        const fields = error instanceof ApiError ? error.fields : [];
        const problems = fields.map((f) => locate(present, f));
        setFailure({ of: present, message: errorMessage(error), problems });
      }
    };
    const timer = setTimeout(() => {
      queue.current = queue.current.then(save);
    }, SAVE_DELAY_MS);
    return () => clearTimeout(timer);
  }, [present, saved, seen, attempt, client, resource.id, onStored]);

  const failed = failure !== null && present !== saved;
  return {
    problems: failed ? failure.problems : [],
    notices,
    saveState:
      present === saved
        ? ("saved" as const)
        : failed && failure.of === present
          ? ("failed" as const)
          : ("pending" as const),
    saveError: failed ? failure.message : null,
    retrySave: useCallback(() => setAttempt((n) => n + 1), []),
  };
}
