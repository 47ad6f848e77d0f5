-- In:  members (side, clip_id) of a split; clips, segments.
-- Out: example: a side none of whose clips has a kind of label that clips of another side have: an action, phases, a track of segments.
-- Why: nothing can be learnt from labels that are not there, and nothing measured against them.
WITH labels AS (
  SELECT id AS clip_id, 'action' AS kind FROM clips WHERE action IS NOT NULL
  UNION ALL
  SELECT id AS clip_id, 'phases' AS kind FROM clips WHERE has_phases
  UNION ALL
  SELECT DISTINCT clip_id, 'segments of the track ' || track AS kind FROM segments
), there AS (
  SELECT DISTINCT members.side, labels.kind FROM members JOIN labels ON labels.clip_id = members.clip_id
)
SELECT needed.side || ' has no ' || needed.kind || ', ' || string_agg(there.side, ' and ' ORDER BY there.side) || ' has' AS example
FROM (SELECT DISTINCT members.side, kinds.kind FROM members, (SELECT DISTINCT kind FROM there) AS kinds) AS needed
JOIN there ON there.kind = needed.kind
WHERE NOT EXISTS (SELECT 1 FROM there AS here WHERE here.side = needed.side AND here.kind = needed.kind)
GROUP BY needed.side, needed.kind
ORDER BY example
