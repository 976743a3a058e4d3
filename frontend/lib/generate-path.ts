/** The page that makes a schema of these uploads. */
export function generatePath(csvIds: string[]): string {
  if (csvIds.length === 0) return "/portal/schema/generate";
  return `/portal/schema/generate?csv=${csvIds.map(encodeURIComponent).join(",")}`;
}
