-- In:  clips, keypoints; $dataset.
-- Out: clip_id, person, width, height, joint (from 0), x, y: where in the picture each joint is in the median, if it is there in at least half of the frames.
-- Why: clips that were cut from one film show the same person at the same place, at the same size, in pictures of the same size.
SELECT clips.id AS clip_id, placed.person, clips.width, clips.height, placed.joint, median(placed.x) AS x, median(placed.y) AS y
FROM (SELECT clip_id, person, generate_subscripts(x, 1) - 1 AS joint, unnest(x) AS x, unnest(y) AS y FROM keypoints WHERE dataset = $dataset) AS placed
JOIN clips ON clips.id = placed.clip_id
WHERE clips.dims = 2 AND clips.unit = 'px'
GROUP BY clips.id, placed.person, clips.width, clips.height, placed.joint, clips.n_frames
HAVING 2 * count(placed.x) >= clips.n_frames
ORDER BY clip_id, placed.person, placed.joint
