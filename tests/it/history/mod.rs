//! History as it is read, against stock Git.

mod lineage;
mod oddities;
mod random;
mod rows;
mod stock;
