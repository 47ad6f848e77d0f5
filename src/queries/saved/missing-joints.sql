-- In:  joints.
-- Out: dataset, joint, frames, absent, occluded: per joint the share of frames and persons (0 to 1) in which it is not annotated, or located but hidden.
-- Why: what a model can learn of a joint, and what a metric is computed without.
SELECT dataset, joint, count(*) AS frames, round(avg((state = 'absent')::INT), 4) AS absent, round(avg((state = 'occluded')::INT), 4) AS occluded
FROM joints
GROUP BY dataset, joint
ORDER BY dataset, absent DESC, joint
