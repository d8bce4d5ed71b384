# What the bot's owner is told of by direct message.

alarm-disk = **Lyceum: the disk is almost full.** Less than 5 % is free beside the database. When it is full, nothing can be recorded. `lyceum doctor` says how much is left.
alarm-backups = **Lyceum: backups fail.** None could be made for an hour; the log says why. Those that are there stay.
alarm-refits = **Lyceum: training fails.** In one of your servers no training of the recommender has worked for three days; the log says why. The former model goes on serving.
