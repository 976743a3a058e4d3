/** A value with what came before and after it. */
export interface History<T> {
  past: T[];
  present: T;
  future: T[];
}

export type HistoryAction<T> =
  | { kind: "change"; value: T }
  | { kind: "undo" }
  | { kind: "redo" }
  /** The same step in a better form, unless the present has moved on from `of`. */
  | { kind: "refine"; of: T; value: T }
  /** What came from elsewhere, laid over every step: undoing one's own changes does not take it back. */
  | { kind: "lay_over"; change: (value: T) => T };

const MAX_STEPS = 100;

export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

export function history<T>(state: History<T>, action: HistoryAction<T>): History<T> {
  switch (action.kind) {
    case "change":
      if (action.value === state.present) return state;
      return {
        past: [...state.past, state.present].slice(-MAX_STEPS),
        present: action.value,
        future: [],
      };
    case "undo": {
      const last = state.past.at(-1);
      if (last === undefined) return state;
      return {
        past: state.past.slice(0, -1),
        present: last,
        future: [state.present, ...state.future],
      };
    }
    case "redo": {
      const [next, ...rest] = state.future;
      if (next === undefined) return state;
      return { past: [...state.past, state.present], present: next, future: rest };
    }
    case "lay_over":
      return {
        past: state.past.map(action.change),
        present: action.change(state.present),
        future: state.future.map(action.change),
      };
    case "refine":
      return state.present === action.of ? { ...state, present: action.value } : state;
  }
}
