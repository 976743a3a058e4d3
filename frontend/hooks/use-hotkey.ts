"use client";

import { useEffect, useEffectEvent } from "react";

/** Calls `onPress` for Ctrl+`key` (Command on a Mac), wherever the focus is. */
export function useControlKey(key: string, onPress: () => void) {
  const press = useEffectEvent(onPress);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key || !(event.ctrlKey || event.metaKey)) return;
      if (event.altKey || event.shiftKey) return;
      event.preventDefault();
      press();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [key]);
}
