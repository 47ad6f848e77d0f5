-- In:  quarantine.
-- Out: dataset, code, files, example, message, readmit: what was set aside when it was ingested, by code, and the way back in.
-- Why: what is missing is not lost in silence.
SELECT dataset, code, count(*) AS files, min(source) AS example, min(message) AS message, min(readmit) AS readmit
FROM quarantine
GROUP BY dataset, code
ORDER BY dataset, code
