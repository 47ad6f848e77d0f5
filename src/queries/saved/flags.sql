-- In:  clips.
-- Out: dataset, flag, clips, example: what ingest noticed about clips that it took in all the same.
-- Why: known quirks of a download, to leave out or to live with.
SELECT dataset, flag, count(*) AS clips, min(id) AS example
FROM (SELECT dataset, id, unnest(flags) AS flag FROM clips)
GROUP BY dataset, flag
ORDER BY dataset, flag
