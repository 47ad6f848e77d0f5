-- In:  segments.
-- Out: dataset, track, label, segments, clips, frames: how often and how long each label stands on each track.
-- Why: data sets that say what happens when, on several tracks at a time.
SELECT dataset, track, label, count(*) AS segments, count(DISTINCT clip_id) AS clips, sum("end" - start) AS frames
FROM segments
GROUP BY dataset, track, label
ORDER BY dataset, track, segments DESC, label
