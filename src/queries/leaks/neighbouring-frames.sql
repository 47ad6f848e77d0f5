-- In:  members (side, clip_id) of a split; clips, files, images, keypoints.
-- Out: example: two clips on two sides, cut from one film less than 30 frames apart.
-- Why: what moves slowly looks alike a second later. Clips are of one film when their single frames are files of one name and other numbers (`walk_000012.jpg`,
--      `walk_000090.jpg`), or when they are of one recording, camera and view; then their frames are those that have joints.
WITH numbered AS (
  SELECT clip_id, path FROM files WHERE frame IS NOT NULL AND role = 'keypoints'
  UNION ALL
  SELECT clips.id AS clip_id, images.path FROM images JOIN clips ON clips.film = images.film
), divided AS (
  SELECT clips.group_id FROM members JOIN clips ON clips.id = members.clip_id GROUP BY clips.group_id HAVING count(DISTINCT members.side) > 1
), stretches AS (
  SELECT clip_id, 'files ' || regexp_extract(path, '^(.*?)([0-9]+)[^0-9/]*$', 1) AS film,
    min(CAST(regexp_extract(path, '^(.*?)([0-9]+)[^0-9/]*$', 2) AS HUGEINT)) AS first, max(CAST(regexp_extract(path, '^(.*?)([0-9]+)[^0-9/]*$', 2) AS HUGEINT)) AS last
  FROM numbered WHERE regexp_matches(path, '[0-9][^0-9/]*$')
  GROUP BY ALL
  UNION ALL
  SELECT clips.id AS clip_id, concat_ws(' ', clips.group_id, clips.camera, clips.view) AS film, min(keypoints.frame) AS first, max(keypoints.frame) AS last
  FROM clips SEMI JOIN divided ON divided.group_id = clips.group_id JOIN keypoints ON keypoints.clip_id = clips.id
  WHERE list_count(keypoints.x) > 0
  GROUP BY ALL
), placed AS (
  SELECT DISTINCT members.side, stretches.* FROM stretches JOIN members ON members.clip_id = stretches.clip_id
)
SELECT DISTINCT one.clip_id || ' (' || one.side || ', frames ' || one.first || ' to ' || one.last || ') and '
  || other.clip_id || ' (' || other.side || ', frames ' || other.first || ' to ' || other.last || ')' AS example
FROM placed AS one JOIN placed AS other ON other.film = one.film AND other.clip_id > one.clip_id AND other.side <> one.side
WHERE other.first - one.last < 30 AND one.first - other.last < 30
ORDER BY example
