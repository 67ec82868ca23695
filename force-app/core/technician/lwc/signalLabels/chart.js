import chartName from '@salesforce/label/c.Signal_Chart_Name';
import chartRole from '@salesforce/label/c.Signal_Chart_Role';
import chartHelp from '@salesforce/label/c.Signal_Chart_Help';
import zoomIn from '@salesforce/label/c.Signal_Zoom_In';
import zoomOut from '@salesforce/label/c.Signal_Zoom_Out';
import earlier from '@salesforce/label/c.Signal_Earlier';
import later from '@salesforce/label/c.Signal_Later';
import zoomReset from '@salesforce/label/c.Signal_Zoom_Reset';
import signalsOnAxis from '@salesforce/label/c.Signal_Signals_On_Axis';
import markerOpen from '@salesforce/label/c.Signal_Marker_Open';
import markerCleared from '@salesforce/label/c.Signal_Marker_Cleared';
import markerCluster from '@salesforce/label/c.Signal_Marker_Cluster';
import noValue from '@salesforce/label/c.Signal_No_Value';
import limit from '@salesforce/label/c.Signal_Limit';
import chartTools from '@salesforce/label/c.Signal_Chart_Tools';
import tableCaption from '@salesforce/label/c.Signal_Table_Caption';
import time from '@salesforce/label/c.Signal_Time';

/** Words of the chart and its table. */
export default {
  chartName,
  chartRole,
  chartHelp,
  zoomIn,
  zoomOut,
  earlier,
  later,
  zoomReset,
  signalsOnAxis,
  markerOpen,
  markerCleared,
  markerCluster,
  noValue,
  limit,
  chartTools,
  tableCaption,
  time,
};
