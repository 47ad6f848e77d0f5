-- In:  clips.
-- Out: dataset, action, clips, train, test, frames: how many of each action there are, and on which of the data set's own sides.
-- Why: the first look at a data set.
SELECT dataset, action, count(*) AS clips, count(*) FILTER (official_split = 'train') AS train, count(*) FILTER (official_split = 'test') AS test, sum(n_frames) AS frames
FROM clips
GROUP BY dataset, action
ORDER BY dataset, action
