%: %.c
	cp /usr/bin/cp $@
