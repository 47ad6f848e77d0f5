-- In:  members (side, clip_id) of a split; clips.
-- Out: example: a recording that a split divides.
-- Why: clips of one recording are near copies; a model that trained on one has seen the other.
SELECT clips.group_id || ' is on ' || string_agg(DISTINCT members.side, ' and ' ORDER BY members.side) AS example
FROM members JOIN clips ON clips.id = members.clip_id
GROUP BY clips.group_id
HAVING count(DISTINCT members.side) > 1
ORDER BY example
