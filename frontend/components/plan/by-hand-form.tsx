"use client";

import { useId, useState, type ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { writtenFilter, writtenLimit, writtenPeriod, type Written } from "@/lib/plan/by-hand";
import {
  columnInLabel,
  columnWords,
  operatorsOf,
  operatorWords,
  valueCount,
  type PlanColumn,
} from "@/lib/plan/columns";
import type { ChipKind, FilterOperator, PlanChange } from "@/lib/plan/types";

interface ByHandProps {
  columns: PlanColumn[];
  /** Of the chip that is replaced. */
  label: string;
  onWritten: (change: PlanChange, label: string) => void;
  onBack: () => void;
}

const FORMS: Partial<Record<ChipKind, { name: string; Form: (props: ByHandProps) => ReactNode }>> =
  {
    where: { name: "Write a filter", Form: FilterForm },
    period: { name: "Other dates", Form: PeriodForm },
    limit: { name: "Another number", Form: LimitForm },
  };

/** How a part of this kind is written, where the pick list may not have it. */
export function byHand(kind: ChipKind) {
  return FORMS[kind];
}

function FilterForm({ columns, label, ...rest }: ByHandProps) {
  const [columnId, setColumnId] = useState((columnInLabel(label, columns) ?? columns[0])?.id);
  const [chosen, setChosen] = useState<FilterOperator>();
  const [values, setValues] = useState(["", ""]);
  const column = columns.find(({ id }) => id === columnId);
  if (!column) return null;
  const operators = operatorsOf(column.family);
  const operator = operators.find((known) => known === chosen) ?? operators[0] ?? "is";
  const setValue = (at: number, text: string) =>
    setValues((known) => known.map((value, index) => (index === at ? text : value)));
  return (
    <Frame {...rest} read={() => writtenFilter(column, operator, values)}>
      <ColumnField columns={columns} value={column.id} onChange={setColumnId} />
      <Choice
        name="Condition"
        value={operator}
        onChange={(value) => setChosen(value as FilterOperator)}
      >
        {operators.map((known) => (
          <option key={known} value={known}>
            {operatorWords(known, column.family)}
          </option>
        ))}
      </Choice>
      {values.slice(0, valueCount(operator)).map((value, at) => (
        <Field
          key={at}
          name={valueCount(operator) === 1 ? "Value" : at === 0 ? "From" : "Until"}
          type={column.family === "date" ? "date" : "text"}
          inputMode={column.family === "number" ? "decimal" : undefined}
          value={value}
          onChange={(text) => setValue(at, text)}
        />
      ))}
    </Frame>
  );
}

function PeriodForm({ columns, label, ...rest }: ByHandProps) {
  const dated = columns.filter(({ family }) => family === "date");
  const [columnId, setColumnId] = useState((columnInLabel(label, dated) ?? dated[0])?.id);
  const [from, setFrom] = useState("");
  const [last, setLast] = useState("");
  const column = dated.find(({ id }) => id === columnId);
  if (!column) return <p className="p-3 text-sm">There are no dates in this data.</p>;
  return (
    <Frame {...rest} read={() => writtenPeriod(column, from, last)}>
      {dated.length > 1 && <ColumnField columns={dated} value={column.id} onChange={setColumnId} />}
      <Field
        name="First day"
        type="date"
        autoFocus={dated.length === 1}
        value={from}
        onChange={setFrom}
      />
      <Field name="Last day" type="date" value={last} onChange={setLast} />
    </Frame>
  );
}

function LimitForm({ label, ...rest }: ByHandProps) {
  const [text, setText] = useState(/\d+/.exec(label)?.[0] ?? "");
  return (
    <Frame {...rest} read={() => writtenLimit(text)}>
      <Field name="How many rows" autoFocus inputMode="numeric" value={text} onChange={setText} />
    </Frame>
  );
}

interface FrameProps extends Pick<ByHandProps, "onWritten" | "onBack"> {
  read: () => Written;
  children: ReactNode;
}

function Frame({ read, onWritten, onBack, children }: FrameProps) {
  const [fault, setFault] = useState<string>();
  return (
    <form
      className="flex flex-col gap-3 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        // The popover is in a portal, but React still carries the event to the form around it.
        event.stopPropagation();
        const written = read();
        if (written.change) onWritten(written.change, written.label);
        else setFault(written.fault);
      }}
    >
      {children}
      {fault && (
        <p role="alert" className="text-sm text-destructive">
          {fault}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" size="sm">
          Apply
        </Button>
        <Button variant="ghost" size="sm" onClick={onBack}>
          Back to the list
        </Button>
      </div>
    </form>
  );
}

interface FieldProps {
  name: string;
  value: string;
  onChange: (text: string) => void;
  type?: "text" | "date";
  autoFocus?: boolean;
  inputMode?: "decimal" | "numeric";
}

function Field({ name, value, onChange, ...input }: FieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <Label htmlFor={id} className="text-xs">
        {name}
      </Label>
      <Input id={id} value={value} onChange={(e) => onChange(e.target.value)} {...input} />
    </div>
  );
}

interface ChoiceProps {
  name: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}

function Choice({ name, value, onChange, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <Label htmlFor={id} className="text-xs">
        {name}
      </Label>
      <select
        id={id}
        autoFocus={name === "Column"}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 w-full min-w-0 rounded-md border border-input bg-card px-2 text-sm shadow-xs outline-none focus-visible:border-ring focus-visible:ring-[3px] focus-visible:ring-ring/60"
      >
        {children}
      </select>
    </div>
  );
}

function ColumnField({
  columns,
  value,
  onChange,
}: {
  columns: PlanColumn[];
  value: string;
  onChange: (id: string) => void;
}) {
  const tables = [...new Set(columns.map(({ table }) => table))];
  return (
    <Choice name="Column" value={value} onChange={onChange}>
      {tables.map((table) => (
        <optgroup key={table} label={columnWords(table)}>
          {columns
            .filter((column) => column.table === table)
            .map((column) => (
              <option key={column.id} value={column.id}>
                {columnWords(column.name)}
              </option>
            ))}
        </optgroup>
      ))}
    </Choice>
  );
}
