export function nodeOptionsFor(file: string): readonly string[];
