"use client";

import "@xyflow/react/dist/style.css";

import {
  Background,
  Controls,
  MarkerType,
  MiniMap,
  ReactFlow,
  useEdgesState,
  useNodesState,
  type Edge,
} from "@xyflow/react";
import { useEffect, useMemo } from "react";

import { TableNode, type TableNodeType } from "@/components/schema/table-node";
import { useTheme } from "@/components/theme-provider";
import { flowOf } from "@/lib/er/flow";
import type { SchemaJson } from "@/lib/er/model";
import type { Source } from "@/lib/er/sources";
import { plural } from "@/lib/format";

const nodeTypes = { table: TableNode };
const MINIMAP_FROM = 12;

interface SchemaGraphProps {
  schema: SchemaJson;
  sources: Map<string, Source>;
  onOpenTable?: (table: string) => void;
}

/** Tables and what they point at. Loaded only when it is shown. */
export function SchemaGraph({ schema, sources, onOpenTable }: SchemaGraphProps) {
  const { resolvedTheme } = useTheme();
  const flow = useMemo(() => {
    const rows = (id: string) => {
      const source = sources.get(id);
      return source ? plural(source.row_count, "row") : null;
    };
    return flowOf(schema, rows);
  }, [schema, sources]);
  const [nodes, setNodes, onNodesChange] = useNodesState<TableNodeType>(flow.nodes);
  const [edges, setEdges, onEdgesChange] = useEdgesState<Edge>(flow.edges);
  useEffect(() => {
    setNodes(flow.nodes);
    setEdges(flow.edges);
  }, [flow, setNodes, setEdges]);

  const chosen = new Set(nodes.filter((n) => n.selected).map((n) => n.id));
  const styled = edges.map((edge) => {
    const active = edge.selected === true || chosen.has(edge.source) || chosen.has(edge.target);
    return {
      ...edge,
      markerEnd: { type: MarkerType.ArrowClosed, color: "var(--reference)", width: 16, height: 16 },
      style: {
        stroke: "var(--reference)",
        strokeWidth: active ? 2.5 : 1.25,
        opacity: chosen.size === 0 || active ? 1 : 0.25,
      },
      labelStyle: { fill: "var(--foreground)", fontSize: 11, fontWeight: 500 },
      labelBgStyle: { fill: "var(--background)" },
      labelBgPadding: [5, 2] as [number, number],
      labelBgBorderRadius: 4,
    };
  });
  return (
    <div
      className="absolute inset-0"
      role="application"
      aria-label="Graph of tables and references. Tab moves between tables, Enter chooses one."
    >
      <ReactFlow<TableNodeType, Edge>
        nodes={nodes}
        edges={styled}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDoubleClick={(_, node) => onOpenTable?.(node.id)}
        nodeTypes={nodeTypes}
        colorMode={resolvedTheme}
        fitView
        fitViewOptions={{ padding: 0.12, maxZoom: 1.1 }}
        minZoom={0.1}
        maxZoom={2}
        nodesConnectable={false}
        deleteKeyCode={null}
        onlyRenderVisibleElements={nodes.length > 40}
        proOptions={{ hideAttribution: true }}
        style={{ background: "transparent" }}
      >
        <Background gap={20} size={1} color="var(--border)" />
        <Controls showInteractive={false} aria-label="Zoom" />
        {nodes.length >= MINIMAP_FROM && (
          <MiniMap pannable zoomable ariaLabel="Overview of the graph" />
        )}
      </ReactFlow>
    </div>
  );
}
