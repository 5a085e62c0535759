"""What a person may do with a stream, without a screen: the twin of `microblog/web/src/client/`."""
