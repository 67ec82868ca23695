export function nodeOptionsFor(file: string): readonly string[];
export function environmentFor(file: string): Readonly<Record<string, string>>;
