/** How many characters a text has as the server counts them: ends trimmed, whole characters, a new line is one. */
export function lengthOf(text: string): number {
  return [...text.replace(/\r\n/g, "\n").trim()].length;
}

/** What stands below the field: how much is written of how much, and by how much it is too long. */
export function words(length: number, limit: number): string {
  const told = `${length} / ${limit} 字`;
  return length > limit ? `${told}，多了 ${length - limit} 字，请删短` : told;
}
