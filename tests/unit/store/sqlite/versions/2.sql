PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE target (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  first_looked INTEGER NOT NULL,
  last_looked INTEGER NOT NULL,
  looks INTEGER NOT NULL,
  next_id INTEGER NOT NULL,
  blind_since INTEGER
, runs TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO target VALUES(1,'example.org',1795974945,1795974952,3,20,NULL,'');
CREATE TABLE place (
  target INTEGER NOT NULL REFERENCES target (id),
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  first_looked INTEGER,
  last_looked INTEGER,
  PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;
INSERT INTO place VALUES(1,1,'verdict','',1795974945,NULL);
INSERT INTO place VALUES(1,2,'dnssec','MX',1795974945,NULL);
INSERT INTO place VALUES(1,3,'dnssec','TLSA of mx1.example.org:25',1795974945,NULL);
INSERT INTO place VALUES(1,4,'dnssec','addresses of mx1.example.org',1795974945,NULL);
INSERT INTO place VALUES(1,5,'mx','',1795974945,NULL);
INSERT INTO place VALUES(1,6,'address','mx1.example.org A',1795974945,NULL);
INSERT INTO place VALUES(1,7,'address','mx1.example.org AAAA',1795974945,NULL);
INSERT INTO place VALUES(1,8,'ds','lab',1795974945,NULL);
INSERT INTO place VALUES(1,9,'ds','example.org',1795974945,NULL);
INSERT INTO place VALUES(1,10,'record','mx1.example.org:25',1795974945,NULL);
INSERT INTO place VALUES(1,11,'match','mx1.example.org:25 3 1 1 3570a80eca1c0b493a6d4a48fc0a3f1879c23bb76472d8d76fb61ac5ffc7be28',1795974945,NULL);
INSERT INTO place VALUES(1,12,'key','mx1.example.org:25 45.64.16.1',1795974945,NULL);
INSERT INTO place VALUES(1,13,'certificate','mx1.example.org:25 45.64.16.1',1795974945,NULL);
INSERT INTO place VALUES(1,14,'starttls','mx1.example.org:25',1795974945,NULL);
INSERT INTO place VALUES(1,15,'ttl','mx1.example.org:25',1795974945,NULL);
INSERT INTO place VALUES(1,16,'match','mx1.example.org:25 3 1 1 050442028741256d686b978a334cfa612e6f9a7c53322c508e9ea404e37f577b',1795974949,NULL);
CREATE TABLE word (
  target INTEGER NOT NULL REFERENCES target (id),
  id INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;
INSERT INTO word VALUES(1,1,'authenticated ok');
INSERT INTO word VALUES(1,2,'');
INSERT INTO word VALUES(1,3,'secure');
INSERT INTO word VALUES(1,4,'mx1.example.org');
INSERT INTO word VALUES(1,5,'45.64.16.1');
INSERT INTO word VALUES(1,6,'45809 13 2 e0dd2f9d2d32c9eeb7d2c106f2df5b8d9910e4cf6fad1899a43f5cec1b8bea99');
INSERT INTO word VALUES(1,7,'51636 13 2 84dd7c7b4769cb1fc8b8b18069c67c6e17993510dc46edf995eaf739332102cf');
INSERT INTO word VALUES(1,8,'3 1 1 3570a80eca1c0b493a6d4a48fc0a3f1879c23bb76472d8d76fb61ac5ffc7be28');
INSERT INTO word VALUES(1,9,'_25._tcp.mx1.example.org');
INSERT INTO word VALUES(1,10,'91d541b80b1d5dd0');
INSERT INTO word VALUES(1,11,'3570a80eca1c0b493a6d4a48fc0a3f1879c23bb76472d8d76fb61ac5ffc7be28');
INSERT INTO word VALUES(1,12,'ecdsa-p256');
INSERT INTO word VALUES(1,13,'91d541b80b1d5dd061cdcd3488aa3a6abbfde4c4be905282df170d33e607c5ec');
INSERT INTO word VALUES(1,14,'offered');
INSERT INTO word VALUES(1,15,'5');
INSERT INTO word VALUES(1,16,'authenticated warning');
INSERT INTO word VALUES(1,17,'3 1 1 050442028741256d686b978a334cfa612e6f9a7c53322c508e9ea404e37f577b');
INSERT INTO word VALUES(1,18,'mx1.example.org:25');
INSERT INTO word VALUES(1,19,'bc9170b759a51e0d');
INSERT INTO word VALUES(1,20,'050442028741256d686b978a334cfa612e6f9a7c53322c508e9ea404e37f577b');
INSERT INTO word VALUES(1,21,'bc9170b759a51e0d9f7c7cc07634a34d38ba204b003792b3209f58fcb6d7c0c7');
CREATE TABLE interval (
  target INTEGER NOT NULL REFERENCES target (id),
  id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  name INTEGER NOT NULL,
  note INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER,
  gone_at INTEGER,
  at_least INTEGER NOT NULL,
  PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;
INSERT INTO interval VALUES(1,1,1,1,2,1795974945,1795974945,1795974949,1);
INSERT INTO interval VALUES(1,2,2,3,2,1795974945,NULL,NULL,1);
INSERT INTO interval VALUES(1,3,3,3,2,1795974945,NULL,NULL,1);
INSERT INTO interval VALUES(1,4,4,3,2,1795974945,NULL,NULL,1);
INSERT INTO interval VALUES(1,5,5,4,2,1795974945,NULL,NULL,1);
INSERT INTO interval VALUES(1,6,6,5,2,1795974945,NULL,NULL,1);
INSERT INTO interval VALUES(1,7,8,6,2,1795974945,NULL,NULL,1);
INSERT INTO interval VALUES(1,8,9,7,2,1795974945,NULL,NULL,1);
INSERT INTO interval VALUES(1,9,10,8,9,1795974945,NULL,NULL,1);
INSERT INTO interval VALUES(1,10,11,2,10,1795974945,1795974949,1795974952,1);
INSERT INTO interval VALUES(1,11,12,11,12,1795974945,1795974949,1795974952,1);
INSERT INTO interval VALUES(1,12,13,13,11,1795974945,1795974949,1795974952,1);
INSERT INTO interval VALUES(1,13,14,14,2,1795974945,NULL,NULL,1);
INSERT INTO interval VALUES(1,14,15,15,2,1795974945,NULL,NULL,1);
INSERT INTO interval VALUES(1,15,1,16,2,1795974949,NULL,NULL,0);
INSERT INTO interval VALUES(1,16,10,17,9,1795974949,NULL,NULL,0);
INSERT INTO interval VALUES(1,17,16,2,19,1795974952,NULL,NULL,0);
INSERT INTO interval VALUES(1,18,12,20,12,1795974952,NULL,NULL,0);
INSERT INTO interval VALUES(1,19,13,21,20,1795974952,NULL,NULL,0);
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  target INTEGER NOT NULL REFERENCES target (id),
  at INTEGER NOT NULL,
  code TEXT NOT NULL,
  place INTEGER NOT NULL,
  was INTEGER NOT NULL,
  now INTEGER NOT NULL,
  addresses INTEGER NOT NULL,
  since INTEGER,
  until INTEGER,
  at_least INTEGER NOT NULL,
  known_before INTEGER NOT NULL
) STRICT;
INSERT INTO event VALUES(1,1,1795974949,'tlsa-added',18,2,17,2,NULL,1795974959,0,0);
INSERT INTO event VALUES(2,1,1795974949,'verdict-changed',2,1,16,2,1795974945,NULL,1,0);
INSERT INTO event VALUES(3,1,1795974952,'deployed-too-early',18,17,20,2,1795974949,1795974959,0,0);
INSERT INTO event VALUES(4,1,1795974952,'key-changed',18,11,20,5,1795974945,NULL,1,0);
CREATE INDEX event_at ON event (at);
CREATE INDEX event_target ON event (target, at);
CREATE VIEW thing AS
  SELECT target.name AS target, place.kind AS kind, place.name AS place, name.text AS name, note.text AS note,
         datetime(interval.first_seen, 'unixepoch') AS first_seen,
         datetime(coalesce(interval.last_seen, place.last_looked, target.last_looked), 'unixepoch') AS last_seen,
         datetime(interval.gone_at, 'unixepoch') AS gone_at, interval.at_least AS at_least
  FROM interval JOIN target ON target.id = interval.target
       JOIN place ON place.target = interval.target AND place.id = interval.place
       JOIN word AS name ON name.target = interval.target AND name.id = interval.name
       JOIN word AS note ON note.target = interval.target AND note.id = interval.note;
CREATE VIEW happened AS
  SELECT datetime(event.at, 'unixepoch') AS at, target.name AS target, event.code AS code, place.text AS place,
         was.text AS was, now.text AS now
  FROM event JOIN target ON target.id = event.target
       JOIN word AS place ON place.target = event.target AND place.id = event.place
       JOIN word AS was ON was.target = event.target AND was.id = event.was
       JOIN word AS now ON now.target = event.target AND now.id = event.now;
COMMIT;
PRAGMA application_id = 1145130565;
PRAGMA user_version = 2;
