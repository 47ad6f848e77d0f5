-- In:  name: a joint; joint; clips.
-- Out: clip_id, frame, person, speed, speed_per_second, unit, dataset: the way from the frame before, in units (px, m, cm) a frame, and a second where fps is known;
--      null in a clip's first frame, after a gap, and where the joint is absent in one of the two.
-- Why: what moves how fast, in the data set's own unit.
CREATE MACRO speed(name) AS TABLE
SELECT clip_id, frame, person, speed, speed * fps AS speed_per_second, unit, moved.dataset
FROM (
  SELECT clip_id, frame, person, dataset,
    CASE WHEN frame - lag(frame) OVER earlier = 1
      THEN sqrt(pow(x::DOUBLE - lag(x) OVER earlier, 2) + pow(y::DOUBLE - lag(y) OVER earlier, 2) + coalesce(pow(z::DOUBLE - lag(z) OVER earlier, 2), 0)) END AS speed
  FROM joint(name)
  WINDOW earlier AS (PARTITION BY clip_id, person ORDER BY frame)
) AS moved
JOIN clips ON clips.id = moved.clip_id
