"use client";

import "@xyflow/react/dist/style.css";

import {
  Background,
  ConnectionMode,
  Controls,
  MiniMap,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useEdgesState,
  useNodesState,
  useReactFlow,
  type Connection,
  type FinalConnectionState,
} from "@xyflow/react";
import { DownloadIcon, WorkflowIcon } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { toast } from "sonner";

import {
  ChosenReference,
  MarkLegend,
  ReferenceEdge,
  type ReferenceEdgeType,
} from "@/components/schema/reference-edge";
import { TableNode, type TableNodeType } from "@/components/schema/table-node";
import { useTheme } from "@/components/theme-provider";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import type { SchemaEditor } from "@/hooks/use-schema-editor";
import { endName, linkFault, type End } from "@/lib/er/connect";
import { side } from "@/lib/er/evidence";
import { flowOf, handleEnd, handlesOf, keepPlaces } from "@/lib/er/flow";
import type { Source } from "@/lib/er/sources";
import { saveGraph } from "@/lib/er/save-graph";
import { plural } from "@/lib/format";

const nodeTypes = { table: TableNode };
const edgeTypes = { reference: ReferenceEdge };
const MINIMAP_FROM = 12;
/** More tables than this are drawn only where they can be seen. */
const MANY_TABLES = 40;
const FIT = { padding: 0.12, maxZoom: 1.1 };

interface SchemaGraphProps {
  /** Names what is saved. */
  name: string;
  editor: Pick<SchemaEditor, "schema" | "edit" | "readOnly">;
  sources: Map<string, Source>;
  onOpenTable?: (table: string) => void;
}

/** Tables and what they point at, to look at, to move and, until it is approved, to draw. Loaded only when it is shown. */
export function SchemaGraph(props: SchemaGraphProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

function Graph({ name, editor, sources, onOpenTable }: SchemaGraphProps) {
  const { schema, readOnly } = editor;
  const { resolvedTheme } = useTheme();
  const { fitView } = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const [isDrawing, setIsDrawing] = useState(false);
  const flow = useMemo(() => {
    const rows = (id: string) => {
      const source = sources.get(id);
      return source ? plural(source.row_count, "row") : null;
    };
    return flowOf(schema, rows);
  }, [schema, sources]);
  const [nodes, setNodes, onNodesChange] = useNodesState<TableNodeType>(flow.nodes);
  const [edges, setEdges, onEdgesChange] = useEdgesState<ReferenceEdgeType>(flow.edges);
  useEffect(() => {
    setNodes((old) => {
      const before = new Map(old.map((n) => [n.id, n]));
      return keepPlaces(flow.nodes, old).map((n): TableNodeType => {
        const known = before.get(n.id);
        // Without its measures a box loses its edges for a moment, and with them the focus.
        return known ? { ...n, selected: known.selected, measured: known.measured } : n;
      });
    });
    setEdges((old) => {
      const chosen = chosenOf(old);
      return flow.edges.map((e) => ({ ...e, selected: chosen.has(e.id) }));
    });
  }, [flow, setNodes, setEdges]);

  const shown = useShownEdges(nodes, edges);
  const link = useLink(editor);
  const remove = useRemoveEdge(editor, edges, frame);
  const chosen = edges.find((edge) => edge.selected);
  const arrange = () => {
    const places = new Map(flow.nodes.map((n) => [n.id, n.position]));
    setNodes((old) => old.map((n) => ({ ...n, position: places.get(n.id) ?? n.position })));
    requestAnimationFrame(() => void fitView(FIT));
  };
  const save = async (format: "png" | "svg") => {
    const boxes = nodes.map(({ position, width = 0, height = 0, data }) => ({
      position,
      width,
      height,
      table: data.table,
      rows: data.rows,
    }));
    const drawn = edges.flatMap((edge) => (edge.data ? [edge.data] : []));
    const isSaved = await saveGraph(boxes, drawn, name, format).catch(() => false);
    if (!isSaved) toast.error("The browser could not draw the graph. Try the other format.");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (!remove || (event.key !== "Delete" && event.key !== "Backspace")) return;
    const focused = (event.target as Element).closest<SVGGElement>(".react-flow__edge");
    const id = focused?.dataset.id ?? chosen?.id;
    if (id === undefined) return;
    event.preventDefault();
    remove(id);
  };
  return (
    <div
      ref={frame}
      className={
        isDrawing ? "drawing absolute inset-0 outline-none" : "absolute inset-0 outline-none"
      }
      role="application"
      aria-label={`Graph of tables and references. Tab moves between references and tables, Enter chooses one${readOnly ? "" : ", Delete removes a reference"}.`}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <ReactFlow<TableNodeType, ReferenceEdgeType>
        nodes={nodes}
        edges={shown}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDoubleClick={(_, node) => onOpenTable?.(node.id)}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        colorMode={resolvedTheme}
        fitView
        fitViewOptions={FIT}
        minZoom={0.1}
        maxZoom={2}
        connectionMode={ConnectionMode.Loose}
        connectionRadius={16}
        nodesConnectable={!readOnly}
        isValidConnection={(connection) => {
          const [from, to] = endsOf(connection);
          return from !== null && to !== null && linkFault(schema, from, to) === null;
        }}
        onConnectStart={() => setIsDrawing(true)}
        onConnect={(connection) => link(...endsOf(connection))}
        onConnectEnd={(event, state) => {
          setIsDrawing(false);
          if (!state.isValid) link(...missedEnds(event, state));
        }}
        connectionLineStyle={{ stroke: "var(--reference)", strokeWidth: 2 }}
        deleteKeyCode={null}
        onlyRenderVisibleElements={nodes.length > MANY_TABLES}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{
          "node.a11yDescription.default": "Press Enter to choose the table.",
          "node.a11yDescription.keyboardDisabled":
            "Press Enter to choose the table, then the arrow keys to move it.",
          "edge.a11yDescription.default": readOnly
            ? "Press Enter to choose the reference."
            : "Press Enter to choose the reference, Delete to remove it.",
        }}
        style={{ background: "transparent" }}
      >
        <Background gap={20} size={1} color="var(--border)" bgColor="transparent" />
        <Controls showInteractive={false} aria-label="Zoom" />
        <Panel position="top-right" className="flex gap-1.5">
          <Button variant="outline" size="sm" onClick={arrange} className="bg-card">
            <WorkflowIcon aria-hidden="true" />
            Arrange
          </Button>
          <SaveMenu onSave={(format) => void save(format)} disabled={nodes.length === 0} />
        </Panel>
        <Panel
          position="top-left"
          className="hidden w-max max-w-[calc(100%-16rem)] rounded-md border bg-card/90 px-2.5 py-1 sm:block"
        >
          <MarkLegend />
          {!readOnly && (
            <p className="text-[0.6875rem] text-muted-foreground">
              Draw from a column to the key that it points at.
            </p>
          )}
        </Panel>
        {chosen?.data && (
          <Panel position="bottom-center" className="w-max max-w-[calc(100%-7.5rem)]">
            <ChosenReference data={chosen.data} onRemove={remove && (() => remove(chosen.id))} />
          </Panel>
        )}
        {nodes.length >= MINIMAP_FROM && (
          <MiniMap
            pannable
            zoomable
            ariaLabel="Overview of the graph"
            className="overflow-hidden rounded-md border max-sm:hidden"
            style={{ width: 168, height: 112 }}
            bgColor="var(--card)"
            maskColor="color-mix(in oklch, var(--muted) 70%, transparent)"
            nodeColor="var(--input)"
            nodeBorderRadius={6}
          />
        )}
      </ReactFlow>
    </div>
  );
}

function SaveMenu({
  onSave,
  disabled,
}: {
  onSave: (format: "png" | "svg") => void;
  disabled: boolean;
}) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="outline" size="sm" disabled={disabled} className="bg-card">
          <DownloadIcon aria-hidden="true" />
          Save
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={() => onSave("png")}>as PNG</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => onSave("svg")}>as SVG</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** The edges as the boxes stand and are chosen. They stay the same objects while a box is moved and no line changes sides. */
function useShownEdges(nodes: TableNodeType[], edges: ReferenceEdgeType[]): ReferenceEdgeType[] {
  const chosen = JSON.stringify(nodes.filter((n) => n.selected).map((n) => n.id));
  const places = new Map(nodes.map((n) => [n.id, n]));
  const handles = JSON.stringify(
    edges.map(
      ({ data, source, target }) => data && handlesOf(data, places.get(source), places.get(target)),
    ),
  );
  return useMemo(() => {
    const near = new Set(JSON.parse(chosen) as string[]);
    const sides = JSON.parse(handles) as ReturnType<typeof handlesOf>[];
    return edges.map((edge, i): ReferenceEdgeType => {
      const isNear = near.has(edge.source) || near.has(edge.target);
      const emphasis = isNear ? "strong" : near.size > 0 ? "faint" : undefined;
      const data = edge.data && { ...edge.data, emphasis };
      return { ...edge, className: "group/edge", data: data as typeof edge.data, ...sides[i] };
    });
  }, [edges, chosen, handles]);
}

const chosenOf = (items: { id: string; selected?: boolean }[]) =>
  new Set(items.filter((item) => item.selected).map((item) => item.id));

function endsOf(c: Connection | ReferenceEdgeType): [End | null, End | null] {
  return [handleEnd(c.source, c.sourceHandle), handleEnd(c.target, c.targetHandle)];
}

/** The columns of a line that ended on a handle that does not take it, or anywhere on a column's line. */
function missedEnds(
  event: MouseEvent | TouchEvent,
  { fromHandle, toHandle }: FinalConnectionState,
): [End | null, End | null] {
  const from = fromHandle && handleEnd(fromHandle.nodeId, fromHandle.id);
  if (toHandle) return [from, handleEnd(toHandle.nodeId, toHandle.id)];
  const { clientX, clientY } = "changedTouches" in event ? (event.changedTouches[0] ?? {}) : event;
  if (clientX === undefined || clientY === undefined) return [from, null];
  const under = document.elementFromPoint(clientX, clientY);
  const row = under?.closest<HTMLElement>("[data-column]");
  const { table, column } = row?.dataset ?? {};
  return [from, table !== undefined && column !== undefined ? { table, column } : null];
}

/** Makes one column point at another as the column's menu does, or says why that cannot be. */
function useLink(editor: SchemaGraphProps["editor"]) {
  // A message may be answered after further changes.
  const latest = useRef(editor);
  useEffect(() => {
    latest.current = editor;
  }, [editor]);
  return useCallback((from: End | null, to: End | null) => {
    // A press that was no drag ends where it began.
    if (!from || !to || endName(from) === endName(to)) return;
    const point = (start: End, end: End) => {
      latest.current.edit({ kind: "set_reference", ...start, reference: end });
      toast.success(`${endName(start)} points at ${endName(end)} now`);
    };
    const fault = linkFault(latest.current.schema, from, to);
    if (!fault) return point(from, to);
    const turned = fault.canTurn && !linkFault(latest.current.schema, to, from);
    toast.error("No reference was made", {
      description: fault.message,
      ...(turned && { action: { label: "The other way", onClick: () => point(to, from) } }),
    });
  }, []);
}

/** Takes a reference away, and leaves the focus on the next one. */
function useRemoveEdge(
  { edit, readOnly }: SchemaGraphProps["editor"],
  edges: ReferenceEdgeType[],
  frame: React.RefObject<HTMLDivElement | null>,
) {
  const remove = (id: string) => {
    const place = edges.findIndex((edge) => edge.id === id);
    const data = edges[place]?.data;
    if (!data) return;
    const { relationship: r, index } = data;
    edit({ kind: "drop_relationship", index });
    toast.success(`${side(r.from_table, r.from_columns)} points at nothing now`);
    const next = edges[place + 1] ?? edges[place - 1];
    const drawn = frame.current?.querySelectorAll<SVGGElement>(".react-flow__edge") ?? [];
    ([...drawn].find((element) => element.dataset.id === next?.id) ?? frame.current)?.focus({
      preventScroll: true,
    });
  };
  return readOnly ? null : remove;
}
