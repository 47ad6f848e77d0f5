-- In:  members (side, clip_id) of a split; clips.
-- Out: side, action, clips, recordings, frames: of each action on each side; is_all = of all actions together.
-- Why: sides that differ in more than size are not samples of the same thing.
SELECT members.side, clips.action, GROUPING(clips.action) = 1 AS is_all, count(*) AS clips, count(DISTINCT clips.group_id) AS recordings, sum(clips.n_frames) AS frames
FROM members JOIN clips ON clips.id = members.clip_id
GROUP BY GROUPING SETS ((members.side), (members.side, clips.action))
ORDER BY members.side, is_all, clips.action
