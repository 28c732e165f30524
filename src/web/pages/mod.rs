//! Pages that show the flows of Kratos, in a few lines each.
