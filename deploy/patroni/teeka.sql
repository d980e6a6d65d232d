-- Teeka's account and database, made once on the leader: psql --file teeka.sql 'host=… user=postgres dbname=postgres'
CREATE ROLE teeka LOGIN PASSWORD '@TEEKA_PASSWORD@';
CREATE DATABASE teeka OWNER teeka;
