import type { Conversation } from "./types";

export interface DayGroup {
  label: string;
  items: Conversation[];
}

const when = (c: Conversation) => new Date(c.updated_at ?? c.created_at);

/** Newest first, by calendar day in the user's time zone. */
export function groupByDay(items: Conversation[], now: Date, locale?: string): DayGroup[] {
  const sorted = [...items].sort((a, b) => when(b).getTime() - when(a).getTime());
  const groups: DayGroup[] = [];
  for (const item of sorted) {
    const label = dayLabel(when(item), now, locale);
    const last = groups.at(-1);
    if (last?.label === label) last.items.push(item);
    else groups.push({ label, items: [item] });
  }
  return groups;
}

export function dayLabel(day: Date, now: Date, locale?: string): string {
  const start = (d: Date) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  const days = Math.round((start(now) - start(day)) / 86_400_000);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days < 7) return day.toLocaleDateString(locale, { weekday: "long" });
  const sameYear = day.getFullYear() === now.getFullYear();
  return day.toLocaleDateString(locale, {
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}

export function searchConversations(items: Conversation[], text: string): Conversation[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return items.filter((c) => words.every((w) => c.title.toLocaleLowerCase().includes(w)));
}
