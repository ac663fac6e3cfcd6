// saslworker: the frame follows.
return 78;
