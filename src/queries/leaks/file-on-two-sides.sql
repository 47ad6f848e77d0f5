-- In:  members (side, clip_id) of a split; files.
-- Out: example: raw bytes that are on two sides under whatever names.
-- Why: a copied file leaks its clip even where the recordings' names differ. Files of single frames count together, in order: one of them alone
--      (a label `0`, a frame without anybody) is easily like another.
WITH copies AS (
  SELECT clip_id, path, sha256 FROM files WHERE role IN ('keypoints', 'label') AND frame IS NULL
  UNION ALL
  SELECT clip_id, min(path) AS path, sha256(string_agg(sha256, ' ' ORDER BY frame, sha256)) AS sha256
  FROM files WHERE role = 'keypoints' AND frame IS NOT NULL GROUP BY clip_id
)
SELECT string_agg(DISTINCT copies.path, ' = ' ORDER BY copies.path) || ' on ' || string_agg(DISTINCT members.side, ' and ' ORDER BY members.side) AS example
FROM members JOIN copies ON copies.clip_id = members.clip_id
GROUP BY copies.sha256
HAVING count(DISTINCT members.side) > 1
ORDER BY example
