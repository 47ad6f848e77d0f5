-- In:  angle; clips; $a, $b, $c: joints.
-- Out: dataset, action, clips, least, mean, most: degrees at b between b-a and b-c, and over how many clips.
-- Why: how far an action bends a joint, such as left_shoulder, left_elbow, left_wrist.
SELECT clips.dataset, action, count(DISTINCT clip_id) AS clips, round(min(angle), 1) AS least, round(avg(CAST(angle AS DECIMAL(9, 6))), 1) AS mean, round(max(angle), 1) AS most
FROM angle($a, $b, $c) AS angles JOIN clips ON clips.id = angles.clip_id
WHERE angle IS NOT NULL
GROUP BY clips.dataset, action
ORDER BY clips.dataset, action
