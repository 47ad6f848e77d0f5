-- In:  clip_a, clip_b: ids of two clips; clip_joints. Of each the first person counts, and joints that both skeletons have, by name.
-- Out: distance, frames, positions: one row; without a distance where no frame has two joints in common.
-- Why: how alike two movements are, wherever, however large and however fast. Both clips are thinned to the frames F of the shorter one (frame round(i (F_clip - 1) / (F - 1)));
--      in each frame the joints seen in both are moved to their common centre; each clip is divided by the root mean square distance of its joints from there (scale of
--      Procrustes analysis without rotation: Gower 1975); distance = mean Euclidean distance of the joints (MPJPE: Ionescu et al. 2014). 0 = the same, without a unit.
--      Floats are added in order, so that the last digit is the same each time.
CREATE MACRO distance(clip_a, clip_b) AS TABLE
WITH
seen AS (
  SELECT 'a' AS side, frame, person, joint, x, y, z FROM clip_joints(clip_a) WHERE person = 0
  UNION ALL
  SELECT 'b' AS side, frame, person, joint, x, y, z FROM clip_joints(clip_b) WHERE person = 0
),
lengths AS (SELECT side, max(frame) + 1 AS frames FROM seen GROUP BY side),
shorter AS (SELECT min(frames) AS frames FROM lengths),
chosen AS (
  SELECT side, step, CASE WHEN shorter.frames = 1 THEN 0 ELSE CAST(floor(step * (lengths.frames - 1) / (shorter.frames - 1) + 0.5) AS INTEGER) END AS frame
  FROM lengths, shorter, range(shorter.frames) AS steps(step)
),
placed AS (SELECT side, step, joint, x::DOUBLE AS x, y::DOUBLE AS y, z::DOUBLE AS z FROM seen JOIN chosen USING (side, frame) WHERE x IS NOT NULL),
paired AS (
  SELECT a.step, a.joint, a.x AS x_a, a.y AS y_a, b.x AS x_b, b.y AS y_b, CASE WHEN b.z IS NULL THEN 0 ELSE coalesce(a.z, 0) END AS z_a, CASE WHEN a.z IS NULL THEN 0 ELSE coalesce(b.z, 0) END AS z_b
  FROM placed AS a JOIN placed AS b ON a.side = 'a' AND b.side = 'b' AND a.step = b.step AND a.joint = b.joint
),
centred AS (
  SELECT step, joint, x_a - avg(x_a) OVER here AS x_a, y_a - avg(y_a) OVER here AS y_a, z_a - avg(z_a) OVER here AS z_a, x_b - avg(x_b) OVER here AS x_b, y_b - avg(y_b) OVER here AS y_b, z_b - avg(z_b) OVER here AS z_b
  FROM paired WINDOW here AS (PARTITION BY step ORDER BY joint ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
),
sizes AS (SELECT nullif(sqrt(avg(x_a * x_a + y_a * y_a + z_a * z_a ORDER BY step, joint)), 0) AS a, nullif(sqrt(avg(x_b * x_b + y_b * y_b + z_b * z_b ORDER BY step, joint)), 0) AS b FROM centred)
SELECT avg(sqrt(pow(x_a / a - x_b / b, 2) + pow(y_a / a - y_b / b, 2) + pow(z_a / a - z_b / b, 2)) ORDER BY step, joint) AS distance, count(DISTINCT step) AS frames, count(*) AS positions
FROM centred, sizes
