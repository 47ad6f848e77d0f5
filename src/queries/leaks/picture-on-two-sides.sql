-- In:  members (side, clip_id) of a split; clips, images.
-- Out: example: two films on two sides and how many pictures they share, byte by byte (of a video: as decoded).
-- Why: a model that sees frames knows a picture again whatever its clip is called.
WITH pictures AS (
  SELECT DISTINCT images.hash, images.film, members.side
  FROM members JOIN clips ON clips.id = members.clip_id JOIN images ON images.film = clips.film
), shared AS (
  SELECT hash FROM pictures GROUP BY hash HAVING count(DISTINCT side) > 1
)
SELECT count(DISTINCT one.hash) || ' pictures of ' || one.film || ' (' || one.side || ') are in ' || other.film || ' (' || other.side || ')' AS example
FROM shared JOIN pictures AS one ON one.hash = shared.hash JOIN pictures AS other ON other.hash = shared.hash AND other.side > one.side
GROUP BY one.film, one.side, other.film, other.side
ORDER BY count(DISTINCT one.hash) DESC, example
