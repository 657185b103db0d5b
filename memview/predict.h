/*
 * predict.h - at every mark: which area will change, and by how much?
 */
#ifndef PREDICT_H
#define PREDICT_H

#include "record.h"

/* Ask at each mark of the program that trace_program() will run. */
void predict_begin(const struct view_options *view);
/* Judge the last prediction, and say how many were right. */
void predict_end(struct recorder *r);

#endif
