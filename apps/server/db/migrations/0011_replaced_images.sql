DROP INDEX `tag_digest`;--> statement-breakpoint
CREATE INDEX `tag_digest` ON `tag` (`digest`,`repository_id`);--> statement-breakpoint
CREATE INDEX `replaced_digest` ON `replaced` (`digest`);--> statement-breakpoint
CREATE INDEX `replaced_by` ON `replaced` (`by`,`repository_id`);
--> statement-breakpoint
INSERT INTO `replaced` (`repository_id`, `digest`, `by`)
SELECT r.repository_id, im.digest, r.by
FROM replaced r CROSS JOIN index_member im ON im.index_digest = r.digest
WHERE NOT EXISTS (SELECT 1 FROM tag t WHERE t.repository_id = r.repository_id AND t.digest = im.digest)
	AND NOT EXISTS (
		SELECT 1 FROM index_member other CROSS JOIN tag t ON t.digest = other.index_digest
		WHERE other.digest = im.digest AND t.repository_id = r.repository_id
	)
ON CONFLICT DO NOTHING;
--> statement-breakpoint
DELETE FROM `replaced` WHERE EXISTS (
	SELECT 1 FROM index_member im CROSS JOIN tag t ON t.digest = im.index_digest
	WHERE im.digest = replaced.digest AND t.repository_id = replaced.repository_id
);
