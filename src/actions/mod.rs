//! The calls that Kratos and Hydra make to a service.
