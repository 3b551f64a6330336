/** Of the first step: what nodes write about themselves and the database, which no table of src/core/tables is. */
export const NODES_1 = `
  -- One row for each node, written again several times a second: lease.ts.
  CREATE TABLE heartbeat (
    node_id TEXT COLLATE "C" PRIMARY KEY,
    beat BIGINT NOT NULL,
    beat_time TIMESTAMPTZ NOT NULL
  ) WITH (fillfactor = 10);

  -- Which history of the database revisions were given in last: history.ts.
  CREATE TABLE history (id BIGINT PRIMARY KEY CHECK (id = 1), system TEXT COLLATE "C" NOT NULL, timeline BIGINT NOT NULL);
  `;
