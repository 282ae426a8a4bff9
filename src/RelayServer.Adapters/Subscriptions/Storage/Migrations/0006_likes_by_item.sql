-- To count the likes of an item without reading their rows, of which there may be 100,000, at each like.
CREATE INDEX subscription_likes_by_item ON subscription_likes (service, item, is_liked, subject);
