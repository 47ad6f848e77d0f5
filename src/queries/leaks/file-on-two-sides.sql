-- In:  members (side, clip_id) of a split; files.
-- Out: example: raw bytes that are on two sides under whatever names.
-- Why: a copied file leaks its clip even where the recordings' names differ.
SELECT string_agg(DISTINCT files.path, ' = ' ORDER BY files.path) || ' on ' || string_agg(DISTINCT members.side, ' and ' ORDER BY members.side) AS example
FROM members JOIN files ON files.clip_id = members.clip_id
WHERE files.role IN ('keypoints', 'label')
GROUP BY files.sha256
HAVING count(DISTINCT members.side) > 1
ORDER BY example
