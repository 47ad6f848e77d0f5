-- In:  phases; clips.
-- Out: dataset, action, phase, label, clips, shortest, mean, longest: how long each phase of an action takes, in frames.
-- Why: phases that last a frame, or that few clips have, are where alignment is judged on little.
SELECT clips.dataset, action, phase, label, count(DISTINCT clip_id) AS clips, min("end" - start) AS shortest, round(avg("end" - start), 1) AS mean, max("end" - start) AS longest
FROM phases JOIN clips ON clips.id = phases.clip_id
GROUP BY clips.dataset, action, phase, label
ORDER BY clips.dataset, action, phase, label
