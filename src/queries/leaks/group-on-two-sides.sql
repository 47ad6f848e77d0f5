-- In:  members (side, clip_id) and groups (clip_id, group_key) of a split: what must not be divided, the recording unless the split says otherwise.
-- Out: example: a group that the split divides.
-- Why: clips of one recording are near copies; a model that trained on one has seen the other.
SELECT groups.group_key || ' is on ' || string_agg(DISTINCT members.side, ' and ' ORDER BY members.side) AS example
FROM members JOIN groups ON groups.clip_id = members.clip_id
GROUP BY groups.group_key
HAVING count(DISTINCT members.side) > 1
ORDER BY example
