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
) STRICT;
INSERT INTO target VALUES(1,'example.org',1769860800,1769861700,4,24,NULL);
CREATE TABLE place (
  target INTEGER NOT NULL REFERENCES target (id),
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  first_looked INTEGER,
  last_looked INTEGER,
  PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;
INSERT INTO place VALUES(1,1,'verdict','',1769860800,NULL);
INSERT INTO place VALUES(1,2,'dnssec','MX',1769860800,NULL);
INSERT INTO place VALUES(1,3,'dnssec','TLSA of mx1.example.org:25',1769860800,NULL);
INSERT INTO place VALUES(1,4,'dnssec','addresses of mx1.example.org',1769860800,NULL);
INSERT INTO place VALUES(1,5,'mx','',1769860800,NULL);
INSERT INTO place VALUES(1,6,'address','mx1.example.org A',1769860800,NULL);
INSERT INTO place VALUES(1,7,'record','mx1.example.org:25',1769860800,NULL);
INSERT INTO place VALUES(1,8,'match','mx1.example.org:25 3 1 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1769860800,NULL);
INSERT INTO place VALUES(1,9,'key','mx1.example.org:25 192.0.2.1',1769860800,NULL);
INSERT INTO place VALUES(1,10,'key','mx1.example.org:25 192.0.2.2',1769860800,NULL);
INSERT INTO place VALUES(1,11,'certificate','mx1.example.org:25 192.0.2.1',1769860800,NULL);
INSERT INTO place VALUES(1,12,'certificate','mx1.example.org:25 192.0.2.2',1769860800,NULL);
INSERT INTO place VALUES(1,13,'starttls','mx1.example.org:25',1769860800,NULL);
INSERT INTO place VALUES(1,14,'ttl','mx1.example.org:25',1769860800,NULL);
INSERT INTO place VALUES(1,15,'match','mx1.example.org:25 3 1 1 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1769861100,NULL);
CREATE TABLE interval (
  target INTEGER NOT NULL REFERENCES target (id),
  id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER,
  gone_at INTEGER,
  at_least INTEGER NOT NULL,
  PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;
INSERT INTO interval VALUES(1,1,1,'authenticated ok','',1769860800,NULL,NULL,1);
INSERT INTO interval VALUES(1,2,2,'secure','',1769860800,NULL,NULL,1);
INSERT INTO interval VALUES(1,3,3,'secure','',1769860800,NULL,NULL,1);
INSERT INTO interval VALUES(1,4,4,'secure','',1769860800,NULL,NULL,1);
INSERT INTO interval VALUES(1,5,5,'mx1.example.org','',1769860800,NULL,NULL,1);
INSERT INTO interval VALUES(1,6,6,'192.0.2.1','',1769860800,NULL,NULL,1);
INSERT INTO interval VALUES(1,7,6,'192.0.2.2','',1769860800,NULL,NULL,1);
INSERT INTO interval VALUES(1,8,7,'3 1 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','_25._tcp.mx1.example.org',1769860800,NULL,NULL,1);
INSERT INTO interval VALUES(1,9,8,'','0aaaaaaaaaaaaaaa',1769860800,1769861100,1769861400,1);
INSERT INTO interval VALUES(1,10,9,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','ecdsa-p256',1769860800,1769861100,1769861400,1);
INSERT INTO interval VALUES(1,11,10,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','ecdsa-p256',1769860800,1769861100,1769861400,1);
INSERT INTO interval VALUES(1,12,11,'0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1769860800,1769861100,1769861400,1);
INSERT INTO interval VALUES(1,13,12,'0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1769860800,1769861100,1769861400,1);
INSERT INTO interval VALUES(1,14,13,'offered','',1769860800,NULL,NULL,1);
INSERT INTO interval VALUES(1,15,14,'3600','',1769860800,NULL,NULL,1);
INSERT INTO interval VALUES(1,16,7,'3 1 1 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','_25._tcp.mx1.example.org',1769861100,NULL,NULL,0);
INSERT INTO interval VALUES(1,17,15,'','1bbbbbbbbbbbbbbb',1769861400,NULL,NULL,0);
INSERT INTO interval VALUES(1,18,9,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','ecdsa-p256',1769861400,NULL,NULL,0);
INSERT INTO interval VALUES(1,19,10,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','ecdsa-p256',1769861400,NULL,NULL,0);
INSERT INTO interval VALUES(1,20,11,'0bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1769861400,1769861400,1769861700,0);
INSERT INTO interval VALUES(1,21,12,'0bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1769861400,1769861400,1769861700,0);
INSERT INTO interval VALUES(1,22,11,'1bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1769861700,NULL,NULL,0);
INSERT INTO interval VALUES(1,23,12,'1bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1769861700,NULL,NULL,0);
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  target INTEGER NOT NULL REFERENCES target (id),
  at INTEGER NOT NULL,
  code TEXT NOT NULL,
  place TEXT NOT NULL,
  was TEXT NOT NULL,
  now TEXT NOT NULL,
  addresses TEXT NOT NULL,
  since INTEGER,
  until INTEGER,
  at_least INTEGER NOT NULL,
  known_before INTEGER NOT NULL
) STRICT;
INSERT INTO event VALUES(1,1,1769861100,'tlsa-added','mx1.example.org:25','','3 1 1 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','',NULL,NULL,0,0);
INSERT INTO event VALUES(2,1,1769861400,'deployed-too-early','mx1.example.org:25','3 1 1 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','',1769861100,1769868300,0,0);
INSERT INTO event VALUES(3,1,1769861400,'key-changed','mx1.example.org:25','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','192.0.2.1, 192.0.2.2',1769860800,NULL,1,0);
INSERT INTO event VALUES(4,1,1769861700,'certificate-renewed','mx1.example.org:25','0bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0','1bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0','192.0.2.1, 192.0.2.2',1769861400,NULL,0,0);
CREATE INDEX event_at ON event (at);
CREATE INDEX event_target ON event (target, at);
CREATE VIEW thing AS
  SELECT target.name AS target, place.kind AS kind, place.name AS place, interval.name AS name, interval.note AS note,
         datetime(interval.first_seen, 'unixepoch') AS first_seen,
         datetime(coalesce(interval.last_seen, place.last_looked, target.last_looked), 'unixepoch') AS last_seen,
         datetime(interval.gone_at, 'unixepoch') AS gone_at, interval.at_least AS at_least
  FROM interval JOIN target ON target.id = interval.target
       JOIN place ON place.target = interval.target AND place.id = interval.place;
CREATE VIEW happened AS
  SELECT datetime(event.at, 'unixepoch') AS at, target.name AS target, event.code AS code, event.place AS place,
         event.was AS was, event.now AS now
  FROM event JOIN target ON target.id = event.target;
COMMIT;
PRAGMA application_id = 1145130565;
PRAGMA user_version = 1;
