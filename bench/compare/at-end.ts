/** What has to be undone however the benchmark ends, by Ctrl-C too. */
const undo = new Set<() => void>();

/** Answers how to do it before the end. */
export function atEnd(work: () => void): () => void {
  undo.add(work);
  return () => {
    if (undo.delete(work)) {
      work();
    }
  };
}

process.once('exit', () => {
  for (const work of [...undo].reverse()) {
    work();
  }
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(1));
}
